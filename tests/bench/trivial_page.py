"""One line: the reference the benchmark measures pages against."""

import streamlit as st

st.write("étalon")
